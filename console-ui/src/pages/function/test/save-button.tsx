// Saves the event in hand, under its name or a new one, and deletes saved ones.
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import { useState } from "react";
import type { EventInHand } from "../../../api/event-in-hand";
import { EVENT_NAME, useDeleteEvent, useSaveEvent } from "../../../api/test-events";
import { useNotices } from "../../../app/notices";
import { DeleteModal } from "../../../components/delete-modal";
import { eventName } from "../../../components/event-select";
import { SaveEventModal } from "../../../components/save-event-modal";
import { useMessages } from "../../../i18n/language";

/** The button. */
export function SaveButton({ name, hand, disabled }: { name: string; hand: EventInHand; disabled: boolean }) {
  const { app, functionTest } = useMessages();
  const notices = useNotices();
  const saving = useSaveEvent(name);
  const [asking, setAsking] = useState<"name" | "deletion">();
  const { event, update } = hand;
  const isSaved = event?.kind === "saved";
  const save = (chosen: string) => {
    if (!event) return;
    const { text } = event;
    saving.mutate(
      { event: chosen, text },
      {
        onSuccess: () => {
          notices.success(functionTest.savedAs(chosen));
          // What was typed while it was being saved stays, as a change.
          update((bench) => ({ ...bench, event: { kind: "saved", name: chosen, text: bench.event?.text ?? text, original: text } }));
          setAsking(undefined);
        },
        onError: (error) => asking ?? notices.failure(functionTest.saveFailed, error),
      },
    );
  };
  const suggestion = event && !isSaved ? eventName(functionTest, event) : "";
  return (
    <>
      <ButtonDropdown
        mainAction={{
          text: functionTest.save,
          disabled,
          loading: saving.isPending,
          loadingText: functionTest.save,
          onClick: () => (isSaved ? save(event.name) : setAsking("name")),
        }}
        ariaLabel={app.actions}
        items={[
          { id: "name", text: functionTest.saveAs, disabled },
          { id: "deletion", text: app.delete, disabled: !isSaved },
        ]}
        onItemClick={({ detail }) => setAsking(detail.id as "name" | "deletion")}
      />
      {asking === "name" && (
        <SaveEventModal
          suggestion={EVENT_NAME.test(suggestion) ? suggestion : ""}
          names={hand.saved.map((one) => one.name)}
          isBusy={saving.isPending}
          error={saving.error}
          onSave={save}
          onDismiss={() => {
            saving.reset();
            setAsking(undefined);
          }}
        />
      )}
      {asking === "deletion" && event && <Deletion name={name} event={event.name} hand={hand} onDismiss={() => setAsking(undefined)} />}
    </>
  );
}

function Deletion({ name, event, hand, onDismiss }: { name: string; event: string; hand: EventInHand; onDismiss: () => void }) {
  const { functionTest } = useMessages();
  const notices = useNotices();
  const deletion = useDeleteEvent(name);
  const remove = () =>
    deletion.mutate(event, {
      onSuccess: () => {
        notices.success(functionTest.deletedEvent(event));
        hand.update(({ event: _, ...bench }) => bench);
        onDismiss();
      },
    });
  return (
    <DeleteModal
      what={functionTest.deleteWhat(event)}
      isBusy={deletion.isPending}
      error={deletion.error}
      onDelete={remove}
      onDismiss={onDismiss}
    >
      {functionTest.deleteWarning}
    </DeleteModal>
  );
}
