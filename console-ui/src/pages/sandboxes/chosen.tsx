// The one sandbox that the address names (`?id=`): shown alone while it lives, and told how it ended when it does not.
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import type { Pool } from "../../api/sandboxes";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { useExplanation } from "./reasons";

/** Says which sandbox is shown or looked for, with the way back to all of them. */
export function ChosenSandbox({ id, pool, onAll }: { id: string; pool: Pool; onAll: () => void }) {
  const { sandboxes } = useMessages();
  const format = useFormat();
  const explain = useExplanation();
  const all = <Button onClick={onAll}>{sandboxes.showAll}</Button>;
  if (pool.sandboxes.some((sandbox) => sandbox.id === id)) {
    return (
      <Alert type="info" action={all}>
        {sandboxes.onlyThis(id)}
      </Alert>
    );
  }
  const ending = pool.endings.find(({ sandbox }) => sandbox === id);
  if (!ending) {
    return (
      <Alert type="info" header={sandboxes.gone(id)} action={all}>
        {sandboxes.goneHelp}
      </Alert>
    );
  }
  const { name, help } = explain(ending.reason);
  return (
    <Alert type="info" header={sandboxes.ended(id, format.time(ending.at), name)} action={all}>
      {help}
    </Alert>
  );
}
