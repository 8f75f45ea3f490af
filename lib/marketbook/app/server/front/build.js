// Builds built/front.js and built/front.css: `make front`. The result is committed, so that nobody else needs npm.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

import { build } from "esbuild";

const sources = ["build.js", "package-lock.json", "package.json", ...readdirSync("src").map((name) => `src/${name}`)];

function digest() {
  const sum = createHash("sha256");
  for (const name of sources.toSorted()) sum.update(`${name}\n`).update(readFileSync(name));
  return sum.digest("hex");
}

// anywidget's runtime asks for its base as AMD modules do; here it is given it.
const anywidget = {
  name: "anywidget",
  setup: ({ onLoad }) =>
    onLoad({ filter: /anywidget\/dist\/index\.js$/ }, ({ path }) => {
      const [runtime, rest] = readFileSync(path, "utf8").split('define(["@jupyter-widgets/base"], widget_default);');
      if (rest === undefined) throw new Error(`${path} does not end as expected`);
      return { contents: `${runtime}export default widget_default;` };
    }),
};

const { metafile } = await build({
  entryPoints: { front: "src/main.js" },
  outdir: "built",
  bundle: true,
  minify: true,
  alias: { "sanitize-html": "./src/sanitize.js" },
  format: "iife",
  target: ["chrome110", "firefox115", "safari16.4"],
  legalComments: "none",
  charset: "utf8",
  loader: { ".woff2": "file", ".woff": "empty", ".ttf": "empty", ".eot": "empty", ".svg": "empty" },
  assetNames: "[name]",
  banner: { js: `/* marketbook front ${digest()}; licences: licences.txt */`, css: "/* licences: licences.txt */" },
  plugins: [anywidget],
  metafile: true,
  logLevel: "warning",
});

writeFileSync("built/licences.txt", licences(Object.keys(metafile.inputs)));

// The licence of every package of which something is in the result.
function licences(inputs) {
  const names = inputs.map((path) => path.match(/^node_modules\/((@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean);
  return [...new Set(names)].toSorted().map(licence).join(`\n${"-".repeat(80)}\n\n`);
}

function licence(name) {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(`${folder}/${file}`, "utf8") : ""}`;
}
