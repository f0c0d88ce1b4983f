// Simplified Chinese of `en/chart.ts`.
import type { Messages } from "../messages";

export const chart: Messages["chart"] = {
  role: "图表",
  keys: "使用方向键按时间移动，Home 和 End 键跳到两端，Esc 键退出。",
  noData: "此时间范围内没有数据",
  loading: "正在加载指标",
  failed: "无法读取指标",
  legend: "序列",
  hide: (label) => `隐藏 ${label}`,
  show: (label) => `显示 ${label}`,
  more: (count) => `另外 ${count} 个`,
  numbers: (title) => `${title}：显示数值`,
  graph: (title) => `${title}：显示图表`,
  open: (title) => `${title}：在“指标”中打开`,
  time: "时间",
  noValue: "无数据",
  range: {
    label: "时间范围",
    placeholder: "选择时间范围",
    backwards: "结束时间必须晚于开始时间。",
    tooLong: "CloudWatch 将数据保留 15 个月；请选择更短的时间。",
    future: "将来没有数据：请选择更早的开始时间。",
    incomplete: "请给出开始时间和结束时间。",
    none: "请选择时间范围。",
  },
  refresh: {
    label: "自动刷新",
    now: "刷新",
    options: { 0: "关闭", 10: "10 秒", 60: "1 分钟", 300: "5 分钟" },
    short: { 0: "", 10: "10 秒", 60: "1 分钟", 300: "5 分钟" },
  },
  period: (seconds) =>
    seconds < 60
      ? `${seconds} 秒`
      : seconds < 3_600
        ? `${seconds / 60} 分钟`
        : seconds < 86_400
          ? `${seconds / 3_600} 小时`
          : `${seconds / 86_400} 天`,
};
