// English: to come.
export const functionLogs = {};
