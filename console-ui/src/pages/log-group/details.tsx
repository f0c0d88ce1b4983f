// What a log group is, at a glance.
import Container from "@cloudscape-design/components/container";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import { useQuery } from "@tanstack/react-query";
import { logGroupsQuery } from "../../api/log-groups";
import { RouteLink } from "../../components/route-link";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

/** The details. */
export function GroupDetails({ group }: { group: string }) {
  const { logs } = useMessages();
  const format = useFormat();
  const { data } = useQuery(logGroupsQuery);
  const found = data?.find(({ logGroupName }) => logGroupName === group);
  const owner = /^\/aws\/lambda\/([A-Za-z0-9-_]+)$/.exec(group)?.[1];
  const days = found?.retentionInDays;
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        items={[
          { label: logs.groups.retention, value: !found ? "–" : days === undefined ? logs.groups.never : logs.groups.days(days) },
          { label: logs.groups.created, value: format.time(found?.creationTime) },
          { label: logs.groups.storedBytes, value: format.bytes(found?.storedBytes) },
          ...(owner ? [{ label: logs.group.functionLink, value: <RouteLink to={`/functions/${owner}/logs`}>{owner}</RouteLink> }] : []),
        ]}
      />
    </Container>
  );
}
