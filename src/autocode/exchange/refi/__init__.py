"""REFI-QDA: projects (.qdpx, bare .qde) and codebooks (.qdc), read leniently, written strictly."""
