export const text = "modules";
