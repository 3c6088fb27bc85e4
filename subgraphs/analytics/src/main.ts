import { launch } from "@kava/platform/launch";
import { analyticsConfig } from "./config.js";
import { createAnalyticsSubgraph } from "./service.js";

await launch(() => createAnalyticsSubgraph(analyticsConfig()));
