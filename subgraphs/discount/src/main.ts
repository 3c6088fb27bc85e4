import { launch } from "@kava/platform/launch";
import { discountSubgraph } from "./service.js";

await launch(discountSubgraph);
