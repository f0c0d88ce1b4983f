// A function's configuration: its sections beside each other as AWS has them, each a view that opens a form.
import Alert from "@cloudscape-design/components/alert";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ComponentType } from "react";
import { RouteButton } from "../../../components/route-link";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { routeTo, usePlace, type Section } from "./address";
import { Concurrency } from "./concurrency";
import { Environment } from "./environment";
import { General } from "./general";
import { Logging } from "./logging";
import { Network } from "./network";
import { Permissions } from "./permissions";
import { Recording } from "./recording";
import { SectionList } from "./section-list";
import { useIsReadOnly } from "./section";
import { Tags } from "./tags";
import "./configuration.css";

const VIEWS: Readonly<Record<Section, ComponentType>> = {
  general: General,
  environment: Environment,
  permissions: Permissions,
  network: Network,
  concurrency: Concurrency,
  recording: Recording,
  logging: Logging,
  tags: Tags,
};

/** The tab. */
export default function Configuration() {
  const { section } = usePlace();
  const View = VIEWS[section];
  return (
    <div className="configuration">
      <SectionList />
      <div className="configuration-section">
        <SpaceBetween size="m">
          <ReadOnlyNotice section={section} />
          <View key={section} />
        </SpaceBetween>
      </div>
    </div>
  );
}

/** Parts that are not of a version: versions do not have their own. */
const WHOLE: ReadonlySet<Section> = new Set(["network", "concurrency", "recording", "tags"]);

function ReadOnlyNotice({ section }: { section: Section }) {
  const { functionConfiguration } = useMessages();
  const { name, qualifier, detail } = useFunction();
  const isReadOnly = useIsReadOnly();
  if (!isReadOnly || qualifier === undefined || section === "permissions") return null;
  const version = detail.Configuration?.Version ?? qualifier;
  const text = WHOLE.has(section)
    ? functionConfiguration.readOnlyWhole
    : version === qualifier
      ? functionConfiguration.readOnly(version)
      : functionConfiguration.readOnlyAlias(qualifier, version);
  return (
    <Alert
      type="info"
      action={<RouteButton to={routeTo(name, undefined, section)}>{functionConfiguration.toLatest}</RouteButton>}
    >
      {text}
    </Alert>
  );
}
