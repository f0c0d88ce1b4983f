// Simplified Chinese of `en/starts.ts`.
import type { Messages } from "../messages";

export const starts: Messages["starts"] = {
  reasons: {
    first: "首次调用",
    "scale-out": "横向扩展",
    expired: "空闲过久",
    evicted: "需要内存",
    "code-changed": "代码已更改",
    "configuration-changed": "配置已更改",
    retired: "沙盒已停用",
    crashed: "沙盒曾崩溃",
  },
  paths: { "pool-hit": "池命中", "pool-miss": "池未命中", snapshot: "快照" },
  both: (reason, path) => `${reason} · ${path}`,
};
