// English: to come.
export const functionConfiguration = {};
