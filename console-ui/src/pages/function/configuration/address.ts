// Where one is in the configuration, as the address says: the section, and whether it is being edited.
import { useCallback, useMemo } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";

/** The sections, in their order. */
export const SECTIONS = [
  "general",
  "environment",
  "permissions",
  "network",
  "concurrency",
  "recording",
  "logging",
  "tags",
] as const;

/** A section. */
export type Section = (typeof SECTIONS)[number];

/** The parameters whose change leaves a form. */
export const FORM_PARAMETERS = ["section", "edit", "qualifier"] as const;

/** The section that an address names; the first when it names none. */
export function sectionOf(search: URLSearchParams): Section {
  const named = search.get("section");
  return SECTIONS.find((section) => section === named) ?? "general";
}

/** The address of a section of a function, for viewing or editing. */
export function routeTo(name: string, qualifier: string | undefined, section: Section, isEditing = false): string {
  const search = new URLSearchParams();
  if (qualifier !== undefined) search.set("qualifier", qualifier);
  search.set("section", section);
  if (isEditing) search.set("edit", "true");
  return `/functions/${encodeURIComponent(name)}/configuration?${search}`;
}

/** Where one is, and the ways from there. */
export interface Place {
  readonly section: Section;
  readonly isEditing: boolean;
  readonly routeOf: (section: Section, isEditing?: boolean) => string;
  /** From the form to the view; going back does not open the form again. */
  readonly leaveForm: () => void;
}

/** The place that the address names. */
export function usePlace(): Place {
  const { name = "" } = useParams();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const section = sectionOf(search);
  const qualifier = search.get("qualifier") ?? undefined;
  const routeOf = useCallback(
    (to: Section, isEditing = false) => routeTo(name, qualifier, to, isEditing),
    [name, qualifier],
  );
  const leaveForm = useCallback(() => void navigate(routeOf(section), { replace: true }), [navigate, routeOf, section]);
  const isEditing = search.get("edit") === "true";
  return useMemo(() => ({ section, isEditing, routeOf, leaveForm }), [section, isEditing, routeOf, leaveForm]);
}
