// What a page asks of the server, and when it has come to rest.
import { expect, type Page, type Request } from "@playwright/test";

/** How often a page that asks nothing must have had its turn: between an answer and the question that follows from it lie several. */
const QUIET_TURNS = 10;

/** The requests of a page, watched from here on. */
export class Traffic {
  /** Every request that was begun. */
  readonly asked: string[] = [];
  private readonly underWay = new Set<Request>();

  constructor(private readonly page: Page) {
    page.on("request", (request) => {
      this.asked.push(`${request.method()} ${request.url()} ${request.headers()["x-amz-target"] ?? ""}`);
      this.underWay.add(request);
    });
    for (const end of ["requestfinished", "requestfailed"] as const) {
      page.on(end as "requestfinished", (request) => this.underWay.delete(request));
    }
  }

  /**
   * Waits until the page has its answers and asks nothing more. Playwright's own `networkidle` comes once in a page's life, perhaps
   * before its scripts ran, and is no sign of rest later.
   */
  async expectQuiet(): Promise<void> {
    let turns = 0;
    let last = this.asked.length;
    await expect
      .poll(async () => {
        // Answers come to the page by its timers too: one that is set now fires behind theirs.
        await this.page.evaluate(() => new Promise<void>((done) => setTimeout(done, 0)));
        const isQuiet = this.underWay.size === 0 && this.asked.length === last;
        last = this.asked.length;
        turns = isQuiet ? turns + 1 : 0;
        return turns;
      }, { message: "turns in which the page asked nothing", intervals: [50] })
      .toBeGreaterThanOrEqual(QUIET_TURNS);
  }
}
