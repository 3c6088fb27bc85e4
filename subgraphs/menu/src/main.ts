import { launch } from "@kava/platform/launch";
import { menuSubgraph } from "./service.js";

await launch(menuSubgraph);
