// Environment variables: values stay hidden until they are asked for.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { usePlace } from "./address";
import { EnvironmentForm } from "./environment-form";
import { pairsOf, type Pair } from "./pairs";
import { EditButton, SectionView, useIsReadOnly } from "./section";

/** The section. */
export function Environment() {
  const { isEditing } = usePlace();
  const isReadOnly = useIsReadOnly();
  const [isShown, setIsShown] = useState(false);
  const showing = { isShown, onShow: setIsShown };
  return isEditing && !isReadOnly ? <EnvironmentForm {...showing} /> : <EnvironmentView {...showing} />;
}

/** Whether values are shown, and how to change that. */
export interface Showing {
  readonly isShown: boolean;
  readonly onShow: (isShown: boolean) => void;
}

/** Shows or hides the values. */
export function ShowButton({ isShown, onShow }: Showing) {
  const { environment } = useMessages().functionConfiguration;
  return (
    <Button formAction="none" iconName={isShown ? "lock-private" : "unlocked"} onClick={() => onShow(!isShown)}>
      {isShown ? environment.hide : environment.show}
    </Button>
  );
}

function EnvironmentView(showing: Showing) {
  const { functionConfiguration } = useMessages();
  const { environment, sections } = functionConfiguration;
  const { detail } = useFunction();
  const pairs = pairsOf(detail.Configuration?.Environment?.Variables ?? {});
  return (
    <SectionView
      title={sections.environment}
      counter={`(${pairs.length})`}
      description={environment.description}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {pairs.length > 0 && <ShowButton {...showing} />}
          <EditButton />
        </SpaceBetween>
      }
    >
      <Variables pairs={pairs} isShown={showing.isShown} />
    </SectionView>
  );
}

function Variables({ pairs, isShown }: { pairs: readonly Pair[]; isShown: boolean }) {
  const { app, functionConfiguration } = useMessages();
  const { environment, sections } = functionConfiguration;
  return (
    <Table<Pair>
      variant="embedded"
      items={pairs}
      trackBy="key"
      wrapLines
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: sections.environment }}
      empty={
        <Box textAlign="center" color="inherit">
          <b>{environment.none}</b>
          <Box color="text-body-secondary">{environment.noneHelp}</Box>
        </Box>
      }
      columnDefinitions={[
        {
          id: "key",
          header: environment.key,
          isRowHeader: true,
          width: "40%",
          cell: ({ key }) => <span style={{ overflowWrap: "anywhere" }}>{key}</span>,
        },
        {
          id: "value",
          header: environment.value,
          cell: ({ key, value }) => (
            <div className="configuration-value">
              <CopyToClipboard
                variant="icon"
                textToCopy={value}
                copyButtonAriaLabel={environment.copyValue(key)}
                copySuccessText={app.copied}
                copyErrorText={app.copyFailed}
              />
              {isShown ? (
                <span style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{value}</span>
              ) : (
                <span aria-label={environment.hidden} role="img">
                  ••••••••
                </span>
              )}
            </div>
          ),
        },
      ]}
    />
  );
}
