// The form's state: what is typed, laid over what the way suggests, with what is wrong beside each field.
import { useState } from "react";
import type { Failure } from "../../api/errors";
import type { Draft, Field, Typed } from "../../creation/draft";
import { refusalOf, type Refusal } from "../../creation/refusal";
import { nameProblem, problemsOf, type Problems } from "../../creation/rules";
import { useMessages } from "../../i18n/language";

/** What the parts of the form need of it. */
export interface Form {
  readonly draft: Draft;
  readonly type: (typed: Typed) => void;
  /** What stands beside a field. */
  readonly errorOf: (field: Field) => string;
  /** Whether the form was sent once: then all problems are shown. */
  readonly isSent: boolean;
}

/** What is known of the draft from outside the form. */
export interface Surroundings {
  /** Names the code: a handler belongs to the code that it was typed for. */
  readonly source: string;
  readonly suggested: Draft;
  readonly taken: ReadonlySet<string>;
  readonly hasCode: boolean;
}

type Bound = Partial<Pick<Draft, "handler" | "requirements">>;

const NO_REFUSAL: Refusal = { fields: {}, rest: undefined };

/** The form. */
export function useForm({ source, suggested, taken, hasCode }: Surroundings) {
  const { createFunction } = useMessages();
  const [typed, setTyped] = useState<Typed>({});
  const [bound, setBound] = useState<Readonly<Record<string, Bound>>>({});
  const [refusal, setRefusal] = useState<Refusal>(NO_REFUSAL);
  const [isSent, setIsSent] = useState(false);
  const draft: Draft = { ...suggested, ...typed, ...bound[source] };
  const problems: Problems = isSent ? problemsOf(draft, taken, hasCode) : {};
  const asTyped = nameProblem(draft.name, taken);
  const forget = (fields: readonly string[]) =>
    setRefusal(({ fields: before, rest }) => ({
      fields: Object.fromEntries(Object.entries(before).filter(([field]) => !fields.includes(field))),
      rest,
    }));
  const type = (next: Typed) => {
    const { handler, requirements, ...rest } = next;
    const own: Bound = {
      ...(handler === undefined ? {} : { handler }),
      ...(requirements === undefined ? {} : { requirements }),
    };
    setTyped((before) => ({ ...before, ...rest }));
    setBound((before) => ({ ...before, [source]: { ...before[source], ...own } }));
    forget(Object.keys(next).map((name) => (name === "roleKind" ? "role" : name)));
  };
  const form: Form = {
    draft,
    type,
    isSent,
    errorOf: (field) => {
      const problem = problems[field] ?? (field === "name" ? asTyped : undefined);
      return problem ? createFunction.problems[problem] : (refusal.fields[field] ?? "");
    },
  };
  return {
    form,
    /** Whether something is marked as wrong since the form was sent. */
    isWrong: isSent && (Object.keys(problems).length > 0 || Object.keys(refusal.fields).length > 0),
    isTyped: Object.keys(typed).length > 0 || Object.values(bound).some((own) => Object.keys(own).length > 0),
    /** Shows all problems; false when there are any. */
    check: () => {
      setIsSent(true);
      setRefusal(NO_REFUSAL);
      return Object.keys(problemsOf(draft, taken, hasCode)).length === 0;
    },
    /** Puts a refusal beside its fields; true when something of it belongs to none. */
    refuse: (failure: Failure) => {
      const next = refusalOf(failure);
      setRefusal(next);
      return next.rest !== undefined || Object.keys(next.fields).length === 0;
    },
    forget,
  };
}
