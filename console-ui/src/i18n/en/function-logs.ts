// English: a function's Logs tab.
export const functionLogs = {
  title: "Logs",
  description: (group: string) => `Live lines of ${group}`,
  first: "Show first",
  firstOption: (minutes: number) =>
    minutes === 0 ? "New lines only" : minutes < 60 ? `Last ${minutes} minutes` : minutes === 60 ? "Last hour" : `Last ${minutes / 60} hours`,
  openGroup: "View log group",
  insights: "Logs Insights",
  label: (name: string) => `Log lines of ${name}`,
  absent: "No logs yet",
  absentHelp: "The function's first invocation makes its log group; its lines then appear here.",
  test: "Test the function",
  toLive: "Back to live lines",
};
