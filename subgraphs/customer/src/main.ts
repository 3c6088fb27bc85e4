import { launch } from "@kava/platform/launch";
import { customerConfig } from "./config.js";
import { createCustomerSubgraph } from "./service.js";

await launch(() => createCustomerSubgraph(customerConfig()));
