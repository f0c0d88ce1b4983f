// English: to come.
export const functionMonitor = {};
