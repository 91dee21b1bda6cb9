/**
 * Pictures of every screen, to be looked at: `npm run look -- [folder] [address]`. Without an address, `vite preview`
 * with the fake server must run on port 4183. CHROMIUM names the browser. It also says what the console and axe
 * complained of.
 */

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const folder = process.argv[2] ?? "/tmp/look";
const address = process.argv[3] ?? "http://127.0.0.1:4183";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = { 1440: 900, 1024: 768, 390: 844 };

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

for (const [width, height] of Object.entries(SIZES))
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({ viewport: { width: Number(width), height }, colorScheme });
    page.on(
      "console",
      (message) => ["error", "warning"].includes(message.type()) && console.log(width, colorScheme, message.text()),
    );
    page.on("pageerror", (error) => console.log(width, colorScheme, String(error)));
    const shot = async (name) => {
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` });
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      for (const { id, nodes } of violations)
        console.log(
          name,
          width,
          colorScheme,
          id,
          nodes.slice(0, 3).map((node) => node.html.slice(0, 160)),
        );
    };

    await page.goto(`${address}/inbox/open`);
    await page.locator("[role=option]").first().waitFor();
    await shot("inbox");
    await page.locator("[role=option]").nth(2).click();
    await page.locator("#case-title").waitFor();
    await page.locator("article").first().waitFor();
    await page.waitForTimeout(300);
    await shot("case");
    for (const key of ["p", "d", "n"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
      await page.keyboard.type("Hi, I am Mia, a person. I have your booking open.");
      await shot(`composer-${key}`);
      await page.keyboard.press("Escape");
    }
    if (Number(width) < 1100) {
      await page.getByRole("button", { name: "Customer" }).click();
      await page.getByRole("dialog").waitFor();
      await page.waitForTimeout(200);
      await shot("customer");
      await page.keyboard.press("Escape");
    }
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await shot("help");
    await page.goto(`${address}/settings`);
    await page.locator("article").first().waitFor();
    await shot("settings");
    await page.goto(`${address}/voices`);
    await page.locator("label").first().waitFor();
    await shot("voices");
    await page.close();
  }
await browser.close();
