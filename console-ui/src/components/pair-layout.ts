// How rows of keys and values are laid out in an editor: one line each where there is room, so that many can be seen at once.
import type { AttributeEditorProps } from "@cloudscape-design/components/attribute-editor";

/** The layout; the narrowest comes last. */
export const PAIR_LAYOUT: readonly AttributeEditorProps.GridLayout[] = [
  { breakpoint: "xxs", rows: [[2, 3]], removeButton: { width: "auto" } },
  { rows: [[1], [1]], removeButton: { ownRow: true } },
];
