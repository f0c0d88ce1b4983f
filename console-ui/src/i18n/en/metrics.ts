// English: to come.
export const metrics = {};
