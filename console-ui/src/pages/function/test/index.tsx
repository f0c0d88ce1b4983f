// The Test tab: the event, how it is run, and what came of it.
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { useEventInHand, type EventInHand } from "../../../api/event-in-hand";
import { BenchResult } from "../../../components/bench-result";
import { useFunction } from "../context";
import { withEvent } from "../../../testing/bench";
import { EventForm } from "./event-form";

/** The page. */
export default function Test() {
  const { name, qualifier, detail } = useFunction();
  const hand = useEventInHand(name, detail.Configuration?.Description);
  useHandedOver(hand);
  useLinked(hand);
  const newest = hand.bench.runs[0]?.id;
  const [before] = useState(newest);
  const result = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (newest !== before) result.current?.querySelector(".test-result")?.scrollIntoView({ block: "start", behavior: "smooth" });
  }, [newest, before]);
  return (
    <SpaceBetween size="m">
      {newest !== undefined && (
        <div ref={result}>
          <BenchResult name={name} />
        </div>
      )}
      <EventForm name={name} qualifier={qualifier} hand={hand} />
    </SpaceBetween>
  );
}

/** Takes up an event that another page handed over: `navigate(…/test, { state: { event: text } })`. */
function useHandedOver({ update }: EventInHand): void {
  const navigate = useNavigate();
  const { pathname, search, state } = useLocation();
  const text = (state as { event?: unknown } | null)?.event;
  useEffect(() => {
    if (typeof text !== "string") return;
    update((bench) => withEvent(bench, { kind: "given", name: "", text, original: text }));
    void navigate(pathname + search, { replace: true, state: null });
  }, [text, update, navigate, pathname, search]);
}

/** Takes up the event that the address names: `?event=NAME`. */
function useLinked({ event, isLoading, pick }: EventInHand): void {
  const [search] = useSearchParams();
  const linked = search.get("event");
  useEffect(() => {
    if (!linked || isLoading || event?.name === linked) return;
    if (!pick("saved", linked)) pick("template", linked);
    // Only the address, once the events are there: what is picked later changes the address itself.
  }, [linked, isLoading]);
}
