// Puts the focus on a dialog's first field: a modal itself puts it on its close button.
import { useEffect, useRef, type RefObject } from "react";

/** A ref for the field; it gets the focus once its dialog is open. */
export function useFirstFocus<T extends { focus: () => void }>(): RefObject<T | null> {
  const field = useRef<T>(null);
  useEffect(() => {
    const later = setTimeout(() => field.current?.focus());
    return () => clearTimeout(later);
  }, []);
  return field;
}
