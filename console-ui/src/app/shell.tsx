// The frame around every page: the bar on top, navigation, breadcrumbs, notices.
import AppLayoutToolbar, { type AppLayoutToolbarProps } from "@cloudscape-design/components/app-layout-toolbar";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Outlet, useLocation, useNavigate } from "react-router";
import { UnsavedBlocker } from "../components/unsaved";
import { useMessages } from "../i18n/language";
import { NoticeBar } from "./notices";
import { PageContext, type PageFacts } from "./page";
import { TopBar } from "./top-bar";

export type ContentType = AppLayoutToolbarProps.ContentType;

const narrow = matchMedia("(max-width: 688px)");

function subscribeNarrow(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}

/** Whether the navigation is open: as the window's width has it, until the reader opens or closes it at that width. */
function useNavigationOpen(): [boolean, (open: boolean) => void] {
  const isNarrow = useSyncExternalStore(subscribeNarrow, () => narrow.matches);
  const [chosen, setChosen] = useState<{ isNarrow: boolean; isOpen: boolean }>();
  const isOpen = chosen?.isNarrow === isNarrow ? chosen.isOpen : !isNarrow;
  return [isOpen, (isOpen) => setChosen({ isNarrow, isOpen })];
}

/** The frame; the page is the router's outlet. */
export function Shell() {
  const { app } = useMessages();
  const navigate = useNavigate();
  const [facts, setFacts] = useState<PageFacts>({ crumbs: [] });
  const [isOpen, setIsOpen] = useNavigationOpen();
  const title = facts.crumbs.at(-1)?.text;
  useEffect(() => {
    document.title = title ? `${title} – ${app.title}` : app.title;
  }, [title, app.title]);
  const follow = (event: CustomEvent<{ href?: string; external?: boolean }>) => {
    const { href, external } = event.detail;
    if (!href || external) return;
    event.preventDefault();
    void navigate(routeOf(href));
    if (narrow.matches) setIsOpen(false);
  };
  return (
    <PageContext value={setFacts}>
      <UnsavedBlocker />
      <div id="top">
        <TopBar />
      </div>
      <AppLayoutToolbar
        headerSelector="#top"
        toolsHide
        navigationOpen={isOpen}
        onNavigationChange={({ detail }) => setIsOpen(detail.open)}
        navigation={<Navigation onFollow={follow} />}
        breadcrumbs={
          <BreadcrumbGroup
            ariaLabel={app.breadcrumbs}
            items={[{ text: app.service, href: "/functions" }, ...facts.crumbs].map(({ text, href }) => ({
              text,
              href: `/console${href}`,
            }))}
            onFollow={follow}
          />
        }
        notifications={<NoticeBar />}
        contentType={facts.contentType ?? "default"}
        content={<Outlet />}
        ariaLabels={{
          navigation: app.navigation,
          navigationToggle: app.openNavigation,
          navigationClose: app.closeNavigation,
          notifications: app.notifications,
        }}
      />
    </PageContext>
  );
}

/** A page's route, from a link's whole address. */
export function routeOf(href: string): string {
  return href.replace(/^\/console(?=\/|$)/, "") || "/";
}

function Navigation({ onFollow }: { onFollow: NonNullable<SideNavigationProps["onFollow"]> }) {
  const { app } = useMessages();
  const { pathname } = useLocation();
  const items = useMemo<SideNavigationProps.Item[]>(() => {
    const link = (text: string, route: string): SideNavigationProps.Link => ({ type: "link", text, href: `/console${route}` });
    return [
      link(app.nav.dashboard, "/dashboard"),
      link(app.nav.functions, "/functions"),
      {
        type: "section",
        text: app.nav.observe,
        items: [
          link(app.nav.invocations, "/invocations"),
          link(app.nav.metrics, "/metrics"),
          link(app.nav.logGroups, "/logs/groups"),
          link(app.nav.insights, "/logs/insights"),
          link(app.nav.liveTail, "/logs/live-tail"),
        ],
      },
      {
        type: "section",
        text: app.nav.server,
        items: [link(app.nav.sandboxes, "/sandboxes"), link(app.nav.host, "/host")],
      },
    ];
  }, [app]);
  const active = ["/logs/groups", "/logs/insights", "/logs/live-tail"].find((route) => pathname.startsWith(route));
  const [, first = ""] = pathname.split("/");
  return (
    <SideNavigation
      header={{ text: app.service, href: "/console/functions" }}
      activeHref={`/console${active ?? `/${first}`}`}
      items={items}
      onFollow={onFollow}
    />
  );
}
