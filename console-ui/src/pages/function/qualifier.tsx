// Chooses the version or alias that the page shows.
import ButtonDropdown, { type ButtonDropdownProps } from "@cloudscape-design/components/button-dropdown";
import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "react-router";
import { aliasesQuery } from "../../api/aliases";
import { LATEST, versionsQuery } from "../../api/versions";
import { useMessages } from "../../i18n/language";

const MOST_SHOWN = 20;
const FRESH_MS = 10_000;

/** The dropdown. */
export function QualifierChoice({ name, qualifier }: { name: string; qualifier: string | undefined }) {
  const { functionPage } = useMessages();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const versions = useQuery({ ...versionsQuery(name), staleTime: FRESH_MS });
  const aliases = useQuery({ ...aliasesQuery(name), staleTime: FRESH_MS });
  const base = `/functions/${encodeURIComponent(name)}`;
  const current = qualifier ?? LATEST;
  const item = (id: string, secondaryText?: string): ButtonDropdownProps.Item => ({
    id: `at:${id}`,
    text: id,
    ...(secondaryText ? { secondaryText } : {}),
    ...(id === current ? { iconName: "check" } : {}),
  });
  const published = (versions.data ?? []).filter(({ Version }) => Version !== LATEST);
  const versionItems = published.slice(0, MOST_SHOWN).map(({ Version = "", Description }) => item(Version, Description));
  const aliasItems = (aliases.data ?? []).slice(0, MOST_SHOWN).map(({ Name = "", FunctionVersion = "" }) => item(Name, functionPage.version(FunctionVersion)));
  const items: ButtonDropdownProps.Items = [
    item(LATEST),
    { text: functionPage.tabs.aliases, items: [...aliasItems, { id: "aliases", text: functionPage.allAliases }] },
    { text: functionPage.tabs.versions, items: [...versionItems, { id: "versions", text: functionPage.allVersions }] },
  ];
  const choose = (id: string) => {
    if (!id.startsWith("at:")) return void navigate(`${base}/${id}`);
    const chosen = id.slice(3);
    void navigate(chosen === LATEST ? pathname : `${pathname}?qualifier=${encodeURIComponent(chosen)}`);
  };
  return (
    <ButtonDropdown items={items} onItemClick={({ detail }) => choose(detail.id)} ariaLabel={functionPage.qualifierIs(current)}>
      {functionPage.qualifiers}
    </ButtonDropdown>
  );
}
