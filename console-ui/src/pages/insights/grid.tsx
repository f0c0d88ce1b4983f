// The records of a query: only the rows in sight exist; each opens to all its fields.
import "../../components/log-events/log-events.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useMemo, useRef, useState, type CSSProperties } from "react";
import { Link } from "react-router";
import { LOG_COLOURS } from "../../components/log-events/colours";
import { JsonTree } from "../../components/log-events/json-value";
import { useMessages } from "../../i18n/language";
import type { ResultTable, Row } from "../../insights/result";
import { readLine } from "../../log/reading";
import "./insights.css";

const ROW_PX = 25;
const REQUEST_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** The grid. */
export function ResultGrid({ table, label }: { table: ResultTable; label: string }) {
  const { insights } = useMessages();
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const { columns, rows } = table;
  const widths = useMemo<CSSProperties>(() => ({ gridTemplateColumns: ["28px", ...columns.map(widthOf)].join(" ") }), [columns]);
  const least = useMemo(() => 28 + columns.reduce((sum, column) => sum + leastOf(column), 0), [columns]);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const toggle = useCallback((index: number) => setOpen((open) => toggled(open, index)), []);
  return (
    <div className="log-view" style={LOG_COLOURS}>
      <div ref={scroller} className="insights-scroll" style={{ maxBlockSize: "max(300px, 60vh)" }} tabIndex={0} role="region" aria-label={label}>
        <div role="table" aria-label={label} aria-rowcount={rows.length + 1} style={{ minInlineSize: least }}>
          <div role="rowgroup">
            <div role="row" aria-rowindex={1} className="insights-head" style={widths}>
              <div role="columnheader">
                <span className="log-hidden">{insights.details}</span>
              </div>
              {columns.map((column) => (
                <div key={column} role="columnheader">
                  {column}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup" style={{ position: "relative", blockSize: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ key, index, start }) => {
              const row = rows[index];
              return (
                row && (
                  <div
                    key={key}
                    ref={virtualizer.measureElement}
                    data-index={index}
                    role="row"
                    aria-rowindex={index + 2}
                    className={`insights-row ${open.has(index) ? "log-row-open" : ""}`}
                    style={{ ...widths, transform: `translateY(${start}px)` }}
                  >
                    <Cells columns={columns} row={row} index={index} isOpen={open.has(index)} onToggle={toggle} />
                  </div>
                )
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

interface CellsProps {
  readonly columns: readonly string[];
  readonly row: Row;
  readonly index: number;
  readonly isOpen: boolean;
  readonly onToggle: (index: number) => void;
}

function Cells({ columns, row, index, isOpen, onToggle }: CellsProps) {
  const { insights } = useMessages();
  return (
    <>
      <div role="cell" className="log-toggle">
        <button type="button" aria-expanded={isOpen} aria-label={insights.expand(index + 1)} onClick={() => onToggle(index)}>
          <svg viewBox="0 0 8 8" aria-hidden="true">
            <path d="M1 0 7 4 1 8z" />
          </svg>
        </button>
      </div>
      {columns.map((column) => (
        <div key={column} role="cell">
          <Value text={row[column]} />
        </div>
      ))}
      {isOpen && (
        <div role="cell" className="insights-detail">
          <dl>
            {Object.entries(row).map(([field, text]) => (
              <div key={field} style={{ display: "contents" }}>
                <dt>{field}</dt>
                <dd>
                  <Whole text={text} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </>
  );
}

/** A value in its cell; a request's id leads to its invocation. */
function Value({ text }: { text: string | undefined }) {
  if (text === undefined) return "";
  return REQUEST_ID.test(text) ? <Link to={`/invocations/${text}`}>{text}</Link> : text.slice(0, 1_000);
}

function Whole({ text }: { text: string }) {
  const { json } = readLine(text);
  return json ? <JsonTree value={json} /> : REQUEST_ID.test(text) ? <Value text={text} /> : text.trimEnd().replace(/\r\n?/g, "\n");
}

function leastOf(column: string): number {
  if (column === "@message") return 360;
  return column === "@timestamp" || column === "@ingestionTime" || /^bin\(/.test(column) ? 190 : Math.max(120, 24 + column.length * 8);
}

function widthOf(column: string): string {
  return `minmax(${leastOf(column)}px, ${column === "@message" ? 4 : 1}fr)`;
}

function toggled(open: ReadonlySet<number>, index: number): ReadonlySet<number> {
  const next = new Set(open);
  if (!next.delete(index)) next.add(index);
  return next;
}
