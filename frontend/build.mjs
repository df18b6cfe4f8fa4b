// Builds everything under src/tongban/web/static from this folder and the pinned packages, and writes
// static/vendor/VERSIONS.md. Plain names: Django adds the digests when it collects.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";
import { build, transformWithEsbuild } from "vite";
import { ICONS } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const out = join(here, "../src/tongban/web/static");
const ours = join(out, "tongban");
const vendor = join(out, "vendor");
// ui.md: domestic desktops ship Chromium 90.
const TARGET = ["chrome90", "safari15.4"];

const version = async (name) => JSON.parse(await readFile(join(modules, name, "package.json"), "utf8")).version;

async function styles() {
  const sheet = sass.compile(join(here, "styles/tongban.scss"), {
    loadPaths: [modules],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  const small = await transformWithEsbuild(sheet.css, "tongban.css", { loader: "css", minify: true, target: TARGET });
  const notice = `/* Bootstrap ${await version("bootstrap")}, MIT, (c) 2011 The Bootstrap Authors; trimmed and restyled */\n`;
  await writeFile(join(ours, "tongban.css"), notice + small.code);
}

async function scripts() {
  await build({
    configFile: false,
    logLevel: "warn",
    root: here,
    publicDir: false,
    build: {
      target: ["es2019", "chrome90", "safari15"],
      outDir: ours,
      emptyOutDir: false,
      modulePreload: false,
      rollupOptions: {
        input: join(here, "src/app.js"),
        output: { format: "es", entryFileNames: "app.js", assetFileNames: "[name][extname]" },
      },
    },
  });
}

async function icons() {
  const symbols = [];
  for (const name of ICONS) {
    const svg = await readFile(join(modules, "bootstrap-icons/icons", `${name}.svg`), "utf8");
    const box = svg.match(/viewBox="([^"]+)"/)[1];
    const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
    symbols.push(`<symbol id="${name}" viewBox="${box}">${body}</symbol>`);
  }
  const notice = `<!-- Bootstrap Icons ${await version("bootstrap-icons")}, MIT, (c) 2019 The Bootstrap Authors -->`;
  await writeFile(join(ours, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${notice}\n${symbols.join("\n")}\n</svg>\n`);
}

async function record() {
  const rows = [
    ["vendor/htmx.min.js", `htmx.org ${await version("htmx.org")}`, "0BSD"],
    ["tongban/tongban.css", `own styles with bootstrap ${await version("bootstrap")}`, "MulanPSL-2.0, MIT"],
    ["tongban/icons.svg", `bootstrap-icons ${await version("bootstrap-icons")}`, "MIT"],
    ["tongban/app.js", "own script", "MulanPSL-2.0"],
  ];
  const lines = [];
  for (const [file, from, licence] of rows) {
    const digest = createHash("sha256").update(await readFile(join(out, file))).digest("hex");
    lines.push(`| ${file} | ${from} | ${licence} | \`${digest}\` |`);
  }
  const head = "# Built files\n\nWritten by `npm run build` in `frontend/`; do not edit by hand.\n\n" +
    "| file | made of | licence | sha256 |\n|---|---|---|---|\n";
  await writeFile(join(vendor, "VERSIONS.md"), `${head}${lines.join("\n")}\n`);
}

await mkdir(ours, { recursive: true });
await mkdir(vendor, { recursive: true });
await cp(join(modules, "htmx.org/dist/htmx.min.js"), join(vendor, "htmx.min.js"));
const assets = join(here, "../tests/assets");
await mkdir(assets, { recursive: true });
await cp(join(modules, "axe-core/axe.min.js"), join(assets, "axe.min.js"));
await styles();
await icons();
await scripts();
await record();
