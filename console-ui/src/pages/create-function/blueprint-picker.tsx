// The blueprints, as cards to choose one of.
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Cards from "@cloudscape-design/components/cards";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TextFilter from "@cloudscape-design/components/text-filter";
import type { Blueprint } from "../../api/blueprints";
import { FailureAlert } from "../../components/failure-alert";
import { useMessages } from "../../i18n/language";
import type { useSource } from "./source";

/** The picker. */
export function BlueprintPicker({ source }: { source: ReturnType<typeof useSource> }) {
  const { app, createFunction } = useMessages();
  const words = createFunction.blueprints;
  const { blueprints, shown, blueprint, address } = source;
  const all = blueprints.data?.length ?? 0;
  if (blueprints.isError) {
    return <FailureAlert error={blueprints.error} header={words.failed} onRetry={() => void blueprints.refetch()} />;
  }
  return (
    <Cards<Blueprint>
      items={shown}
      trackBy="id"
      loading={blueprints.isPending}
      loadingText={app.loading}
      selectionType="single"
      entireCardClickable
      selectedItems={blueprint ? [blueprint] : []}
      onSelectionChange={({ detail }) => {
        const [chosen] = detail.selectedItems;
        if (chosen) address.chooseBlueprint(chosen.id);
      }}
      ariaLabels={{ selectionGroupLabel: words.title, itemSelectionLabel: (_, item) => item.name }}
      cardsPerRow={[{ cards: 1 }, { minWidth: 620, cards: 2 }, { minWidth: 920, cards: 3 }]}
      header={
        <Header
          variant="h2"
          counter={blueprints.data && (shown.length === all ? `(${all})` : `(${shown.length}/${all})`)}
          description={blueprint && words.chosen(blueprint.name)}
        >
          {words.title}
        </Header>
      }
      filter={
        <TextFilter
          filteringText={address.filter}
          filteringPlaceholder={words.filter}
          filteringAriaLabel={words.filter}
          countText={app.matches(shown.length)}
          onChange={({ detail }) => address.setFilter(detail.filteringText)}
        />
      }
      empty={
        <Box textAlign="center" padding="s">
          {all === 0 ? (
            words.empty
          ) : (
            <SpaceBetween size="xs" alignItems="center">
              <b>{app.noMatch}</b>
              <Button formAction="none" onClick={() => address.setFilter("")}>
                {app.clearFilter}
              </Button>
            </SpaceBetween>
          )}
        </Box>
      }
      cardDefinition={{
        header: (item) => item.name,
        sections: [
          { id: "id", content: (item) => <Box variant="code">{item.id}</Box> },
          { id: "description", content: (item) => item.description },
          { id: "runtime", header: words.runtime, width: 40, content: (item) => item.runtime },
          {
            id: "tags",
            header: words.tags,
            width: 60,
            content: (item) => (
              <SpaceBetween direction="horizontal" size="xxs">
                {item.tags.map((tag) => (
                  <Badge key={tag}>{tag}</Badge>
                ))}
                {item.requirements && <Badge color="blue">{words.requirements}</Badge>}
              </SpaceBetween>
            ),
          },
        ],
      }}
    />
  );
}
