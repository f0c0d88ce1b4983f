// English: to come.
export const functionAliases = {};
