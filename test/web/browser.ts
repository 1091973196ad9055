/** A real Chromium for the page's tests, or the reason why there is none. */
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const PLACES = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const executablePath = [...PLACES, installed()].find((path) => path !== undefined && existsSync(path));

/** Null when tests can run. */
export const noBrowser =
  executablePath === undefined
    ? "Skipped: there is no Chromium here. Install it, or set CHROMIUM_PATH, to test the page in a browser."
    : null;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ ...(executablePath && { executablePath }), args: ["--no-sandbox"] });
}

function installed(): string | undefined {
  try {
    return chromium.executablePath();
  } catch {
    return undefined;
  }
}
