// A table of things, as AWS's consoles have them: filter, sort, paging, columns to choose, and what to do when there is nothing.
import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CollectionPreferences, { type CollectionPreferencesProps } from "@cloudscape-design/components/collection-preferences";
import Header, { type HeaderProps } from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useMessages } from "../i18n/language";

/**
 * A column; give `sortingField` or `sortingComparator` to make it sort, and `maxWidth` where texts may be long: they end in an
 * ellipsis there, unless the reader wraps lines, so that the columns behind stay in view.
 */
export type Column<T> = TableProps.ColumnDefinition<T> & { readonly id: string; readonly name: string };

/** The table's parts. */
export interface ResourceTableProps<T> {
  /** Keeps the reader's choice of columns and page size in the browser. */
  readonly id: string;
  readonly title: string;
  readonly items: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly trackBy: (item: T) => string;
  /** Columns shown at first; all when absent. */
  readonly visible?: readonly string[];
  /** Rows of a page at first, one of `PAGE_SIZES`; 20 when absent. */
  readonly pageSize?: (typeof PAGE_SIZES)[number];
  readonly sortedBy?: string;
  readonly isDescending?: boolean;
  readonly isLoading?: boolean;
  /** Whether the items could not be read, so that nobody knows how many there are; the notice says why. */
  readonly isUnknown?: boolean;
  /** What the filter looks into; no filter when absent. */
  readonly textOf?: (item: T) => string;
  readonly filterPlaceholder?: string;
  /** The search parameter that keeps the filter's text, so that a filtered table can be linked and reloaded. */
  readonly filterParameter?: string;
  readonly empty: string;
  readonly emptyHelp?: string;
  readonly emptyAction?: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  /** Stands between header and rows: an alert, a note. */
  readonly notice?: ReactNode;
  readonly variant?: TableProps.Variant;
  readonly headingTag?: HeaderProps["variant"];
  readonly selection?: {
    readonly type: "single" | "multi";
    readonly selected: readonly T[];
    readonly onChange: (selected: T[]) => void;
  };
}

interface Preferences {
  readonly pageSize: number;
  readonly wrapLines: boolean;
  readonly visible: readonly string[];
}

const PAGE_SIZES = [10, 20, 50, 100] as const;

/** The table. */
export function ResourceTable<T>(props: ResourceTableProps<T>) {
  const { app } = useMessages();
  const [preferences, setPreferences] = useKept(props.id, {
    pageSize: props.pageSize ?? 20,
    wrapLines: false,
    visible: props.visible ?? props.columns.map((column) => column.id),
  });
  const [search, setSearch] = useSearchParams();
  const parameter = props.filterParameter;
  const sortingColumn = props.columns.find((column) => column.id === (props.sortedBy ?? props.columns[0]?.id));
  const nothing = (
    <Box textAlign="center" color="inherit" margin={{ vertical: "s" }}>
      <SpaceBetween size="xs">
        <b>{props.empty}</b>
        {props.emptyHelp && <Box color="text-body-secondary">{props.emptyHelp}</Box>}
        {props.emptyAction}
      </SpaceBetween>
    </Box>
  );
  const { items, actions, filteredItemsCount, collectionProps, filterProps, paginationProps } = useCollection<T>(props.items, {
    filtering: {
      defaultFilteringText: (parameter && search.get(parameter)) || "",
      empty: props.isUnknown ? null : nothing,
      noMatch: (
        <SpaceBetween size="xs" alignItems="center">
          <b>{app.noMatch}</b>
          <Button onClick={() => filterBy("")}>{app.clearFilter}</Button>
        </SpaceBetween>
      ),
      filteringFunction: (item, text) => (props.textOf?.(item) ?? "").toLowerCase().includes(text.trim().toLowerCase()),
    },
    sorting: sortingColumn ? { defaultState: { sortingColumn, isDescending: props.isDescending ?? false } } : {},
    pagination: { pageSize: preferences.pageSize },
    selection: {},
  });
  const filterBy = (text: string) => {
    actions.setFiltering(text);
    if (!parameter) return;
    const next = (before: URLSearchParams) => {
      const after = new URLSearchParams(before);
      if (text) after.set(parameter, text);
      else after.delete(parameter);
      return after;
    };
    setSearch(next, { replace: true, preventScrollReset: true });
  };
  const all = props.items.length;
  const shown = filteredItemsCount ?? all;
  const counter = (props.isLoading || props.isUnknown) && all === 0 ? undefined : shown === all ? `(${all})` : `(${shown}/${all})`;
  const selection = props.selection;
  return (
    <Table<T>
      {...collectionProps}
      columnDefinitions={props.columns}
      trackBy={props.trackBy}
      variant={props.variant ?? "container"}
      items={items}
      columnDisplay={props.columns.map(({ id }) => ({ id, visible: preferences.visible.includes(id) }))}
      wrapLines={preferences.wrapLines}
      loading={(props.isLoading ?? false) && all === 0}
      loadingText={app.loading}
      enableKeyboardNavigation
      {...(selection
        ? {
            selectionType: selection.type,
            selectedItems: selection.selected as T[],
            onSelectionChange: ({ detail }) => selection.onChange(detail.selectedItems),
            ariaLabels: {
              selectionGroupLabel: props.title,
              allItemsSelectionLabel: () => app.selectAll,
              itemSelectionLabel: (_: unknown, item: T) => app.selectItem(props.trackBy(item)),
            },
          }
        : {})}
      header={
        <Header
          variant={props.headingTag ?? "h2"}
          counter={counter}
          actions={props.actions}
          description={props.description}
        >
          {props.title}
        </Header>
      }
      filter={
        <SpaceBetween size="xs">
          {props.notice}
          {props.textOf && (
            <TextFilter
              {...filterProps}
              onChange={({ detail }) => filterBy(detail.filteringText)}
              filteringPlaceholder={props.filterPlaceholder ?? app.search}
              filteringAriaLabel={props.filterPlaceholder ?? app.search}
              countText={app.matches(shown)}
            />
          )}
        </SpaceBetween>
      }
      pagination={shown > preferences.pageSize ? <Pagination {...paginationProps} /> : undefined}
      preferences={
        <CollectionPreferences
          title={app.preferences}
          confirmLabel={app.confirm}
          cancelLabel={app.cancel}
          preferences={{ ...preferences, visibleContent: preferences.visible }}
          onConfirm={({ detail }) => setPreferences(preferencesOf(detail, preferences))}
          pageSizePreference={{
            title: app.pageSize,
            options: PAGE_SIZES.map((value) => ({ value, label: app.pageSizeOption(value) })),
          }}
          wrapLinesPreference={{ label: app.wrapLines }}
          visibleContentPreference={{
            title: app.visibleColumns,
            options: [
              {
                label: props.title,
                options: props.columns.map(({ id, name }, index) => ({ id, label: name, editable: index > 0 })),
              },
            ],
          }}
        />
      }
    />
  );
}

function preferencesOf(detail: CollectionPreferencesProps.Preferences, before: Preferences): Preferences {
  return {
    pageSize: detail.pageSize ?? before.pageSize,
    wrapLines: detail.wrapLines ?? before.wrapLines,
    visible: detail.visibleContent ?? before.visible,
  };
}

function useKept(id: string, initial: Preferences): [Preferences, (next: Preferences) => void] {
  const key = `hearth.table.${id}`;
  const [preferences, setPreferences] = useState<Preferences>(() => {
    try {
      return { ...initial, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Preferences>) };
    } catch {
      return initial;
    }
  });
  const keep = (next: Preferences) => {
    localStorage.setItem(key, JSON.stringify(next));
    setPreferences(next);
  };
  return [preferences, keep];
}
