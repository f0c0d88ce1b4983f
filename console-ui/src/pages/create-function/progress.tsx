// What is being done to create the function, step by step.
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useEffect, useRef } from "react";
import { STEPS, type Progress } from "../../api/creation";
import type { Draft } from "../../creation/draft";
import { useMessages } from "../../i18n/language";

/** The steps; an upload that takes long has a bar. */
export function CreationProgress({ progress, draft }: { progress: Progress; draft: Draft }) {
  const { createFunction } = useMessages();
  const steps = STEPS.filter(
    (step) => (step !== "install" || draft.requirements) && (step !== "role" || draft.roleKind === "new"),
  );
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: "center" });
  }, []);
  const now = steps.findIndex((step) => step === progress.step);
  return (
    <div ref={place}>
      <Container>
        <SpaceBetween size="xs">
          <Box variant="h3" tagOverride="h2">
            {createFunction.progress}
          </Box>
          <div role="status">
            <SpaceBetween size="xxs">
              {steps.map((step, index) => {
                const state = index < now ? "success" : index === now ? "loading" : "pending";
                return (
                  <StatusIndicator key={step} type={state} iconAriaLabel={createFunction.stepStatus[state]}>
                    {createFunction.steps[step]}
                  </StatusIndicator>
                );
              })}
            </SpaceBetween>
          </div>
          {progress.share !== undefined && progress.share < 1 && (
            <ProgressBar value={progress.share * 100} ariaLabel={createFunction.steps.upload} />
          )}
        </SpaceBetween>
      </Container>
    </div>
  );
}
