import "./leave.js";
