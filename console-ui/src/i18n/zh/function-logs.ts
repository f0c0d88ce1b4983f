// Simplified Chinese of `en/function-logs.ts`.
import type { Messages } from "../messages";

export const functionLogs: Messages["functionLogs"] = {
  title: "日志",
  description: (group) => `${group} 的实时日志行`,
  first: "首先显示",
  firstOption: (minutes) =>
    minutes === 0 ? "仅新日志行" : minutes < 60 ? `过去 ${minutes} 分钟` : `过去 ${minutes / 60} 小时`,
  openGroup: "查看日志组",
  insights: "Logs Insights",
  label: (name) => `${name} 的日志行`,
  absent: "还没有日志",
  absentHelp: "函数首次调用会创建其日志组；随后日志行会显示在这里。",
  test: "测试函数",
  toLive: "返回实时日志行",
};
