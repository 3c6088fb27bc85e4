// `npm run build`: what every command does first, and nothing after it.
import { prepare } from "./bootstrap.mjs";

await prepare({ checked: true });
