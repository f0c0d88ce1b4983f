// Simplified Chinese of `en/functions.ts`.
import type { Messages } from "../messages";

export const functions: Messages["functions"] = {
  title: "函数",
  create: "创建函数",
  description: "函数包含您的代码、配置和版本。",
  filter: "按名称、描述、运行时或标签 (key=value) 筛选",
  empty: "没有函数",
  emptyHelp: "从蓝图创建一个函数：一分钟即可运行。",
  failed: "无法读取函数",
  tagsFailed: "无法读取标签：筛选条件不会查找标签",
  more: (count) => `……以及另外 ${count} 个`,
  notDeleted: (names) => `未删除：${names.join("、")}`,
  deleted: (names) => `已删除 ${names.join("、")}。`,
  deleteWhat: (names) => (names.length === 1 ? `函数 ${names[0]}` : `${names.length} 个函数`),
  deleteWarning: "所有版本和别名也会被删除。日志和指标会保留。此操作无法撤消。",
  columns: {
    name: "函数名称",
    description: "描述",
    packageType: "程序包类型",
    runtime: "运行时",
    memory: "内存",
    timeout: "超时",
    codeSize: "代码大小",
    state: "状态",
    modified: "上次修改时间",
  },
};
