// The list of sections: beside the section where there is room, a choice above it where there is not.
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import SideNavigation from "@cloudscape-design/components/side-navigation";
import { useSyncExternalStore } from "react";
import { useHref, useNavigate } from "react-router";
import { useMessages } from "../../../i18n/language";
import { SECTIONS, usePlace } from "./address";

const narrow = matchMedia("(max-width: 912px)");

function subscribe(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}

/** The list. */
export function SectionList() {
  const { functionConfiguration } = useMessages();
  const { section, routeOf } = usePlace();
  const navigate = useNavigate();
  const isNarrow = useSyncExternalStore(subscribe, () => narrow.matches);
  const root = useHref("/").replace(/\/$/, "");
  const words = functionConfiguration.sections;
  if (isNarrow) {
    const options = SECTIONS.map((value) => ({ value, label: words[value] }));
    return (
      <FormField label={functionConfiguration.sectionsLabel} stretch>
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === section) ?? null}
          onChange={({ detail }) => {
            const chosen = SECTIONS.find((one) => one === detail.selectedOption.value);
            if (chosen) void navigate(routeOf(chosen));
          }}
        />
      </FormField>
    );
  }
  return (
    <div className="configuration-sections" role="group" aria-label={functionConfiguration.sectionsLabel}>
      <SideNavigation
        activeHref={root + routeOf(section)}
        items={SECTIONS.map((one) => ({ type: "link", text: words[one], href: root + routeOf(one) }))}
        onFollow={(event) => {
          event.preventDefault();
          void navigate(event.detail.href.slice(root.length));
        }}
      />
    </div>
  );
}
