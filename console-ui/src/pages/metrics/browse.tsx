// The catalog of metrics: namespaces, their sets of dimensions, and the metrics to select. The place and the search are in the address.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import Cards from "@cloudscape-design/components/cards";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useHref } from "react-router";
import { metricListQuery, MOST_METRICS } from "../../api/metric-list";
import type { MetricName } from "../../chart/query";
import { FailureAlert } from "../../components/failure-alert";
import { RouteButton, RouteLink } from "../../components/route-link";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { dimensionSetsOf, matching, metricsAt, namespacesOf, type Group, type Place } from "./catalog";
import { MetricTable } from "./metric-table";
import { useAddress, type GraphState } from "./use-graph";

/** The tab. */
export function Browse({ state }: { state: GraphState }) {
  const { app, metrics } = useMessages();
  const { search, put } = useAddress();
  const query = useQuery(metricListQuery);
  const namespace = search.get("namespace") ?? undefined;
  const place: Place = { namespace, dimensions: namespace === undefined ? undefined : (search.get("dimensions") ?? undefined) };
  const text = search.get("q") ?? "";
  const all = useMemo(() => query.data?.metrics ?? [], [query.data]);
  const found = useMemo(
    () => matching(metricsAt(all, { namespace: place.namespace, dimensions: place.dimensions }), text),
    [all, place.namespace, place.dimensions, text],
  );
  if (query.isPending) {
    return (
      <Box textAlign="center" padding="l">
        <Spinner size="large" />
      </Box>
    );
  }
  if (query.isSuccess && all.length === 0) return <NoMetrics />;
  return (
    <SpaceBetween size="m">
      {query.isError && <FailureAlert error={query.error} header={metrics.listFailed} onRetry={() => void query.refetch()} />}
      {query.data?.isCut && <Alert type="info">{metrics.cut(MOST_METRICS)}</Alert>}
      <Trail place={place} />
      <TextFilter
        filteringText={text}
        filteringPlaceholder={metrics.search}
        filteringAriaLabel={metrics.search}
        filteringClearAriaLabel={app.clearFilter}
        countText={text ? app.matches(found.length) : ""}
        onChange={({ detail }) => put({ q: detail.filteringText || undefined }, true)}
      />
      {text || place.dimensions !== undefined ? (
        <MetricTable metrics={found} place={place} state={state} />
      ) : (
        <Groups all={all} namespace={namespace} />
      )}
    </SpaceBetween>
  );
}

function NoMetrics() {
  const { app, metrics } = useMessages();
  return (
    <Box textAlign="center" padding="l">
      <SpaceBetween size="xs" alignItems="center">
        <b>{metrics.none}</b>
        <Box color="text-body-secondary">{metrics.noneHelp}</Box>
        <RouteButton to="/functions">{app.toFunctions}</RouteButton>
      </SpaceBetween>
    </Box>
  );
}

/** The way to here: All, the namespace, its dimensions. */
function Trail({ place: { namespace, dimensions } }: { place: Place }) {
  const { metrics } = useMessages();
  const { put, to } = useAddress();
  const root = useHref("/metrics");
  const step = (text: string, values: Readonly<Record<string, string | undefined>>) => {
    const next = { namespace, dimensions: undefined, q: undefined, ...values };
    return { text, href: root + to(next), next };
  };
  const steps = [
    step(metrics.all, { namespace: undefined }),
    ...(namespace === undefined ? [] : [step(namespace, {})]),
    ...(dimensions === undefined ? [] : [step(dimensions || metrics.noDimensions, { dimensions })]),
  ];
  if (steps.length === 1) return null;
  return (
    <BreadcrumbGroup
      ariaLabel={metrics.place}
      items={steps}
      onFollow={(event) => {
        event.preventDefault();
        put(event.detail.item.next);
      }}
    />
  );
}

function Groups({ all, namespace }: { all: readonly MetricName[]; namespace: string | undefined }) {
  const { metrics } = useMessages();
  const { to } = useAddress();
  const groups = useMemo(() => namespacesOf(all), [all]);
  const sets = useMemo(() => (namespace === undefined ? [] : dimensionSetsOf(all, namespace)), [all, namespace]);
  if (namespace !== undefined) {
    return <GroupCards groups={sets} nameOf={(key) => key || metrics.noDimensions} toOf={(dimensions) => to({ dimensions })} />;
  }
  const toOf = (namespace: string) => to({ namespace, dimensions: undefined });
  return (
    <>
      {groups.custom.length > 0 && <GroupCards title={metrics.custom} groups={groups.custom} toOf={toOf} />}
      {groups.aws.length > 0 && <GroupCards title={metrics.aws} groups={groups.aws} toOf={toOf} />}
    </>
  );
}

function GroupCards(props: {
  title?: string;
  groups: readonly Group[];
  nameOf?: (key: string) => string;
  toOf: (key: string) => string;
}) {
  const { title, groups, nameOf = (key) => key, toOf } = props;
  const { metrics } = useMessages();
  const format = useFormat();
  return (
    <SpaceBetween size="xs">
      {title && <Box variant="h3">{title}</Box>}
      <Cards<Group>
        items={groups}
        trackBy="key"
        ariaLabels={{ itemSelectionLabel: (_, { key }) => nameOf(key), selectionGroupLabel: title ?? metrics.found }}
        cardsPerRow={[{ cards: 1 }, { minWidth: 460, cards: 2 }, { minWidth: 760, cards: 4 }]}
        cardDefinition={{
          header: ({ key }) => <RouteLink to={toOf(key)}>{nameOf(key)}</RouteLink>,
          sections: [{ id: "count", content: ({ count }) => metrics.count(count, format.number(count)) }],
        }}
        empty={metrics.noMatch}
      />
    </SpaceBetween>
  );
}
