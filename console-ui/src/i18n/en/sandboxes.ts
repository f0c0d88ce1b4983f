// English: to come.
export const sandboxes = {};
