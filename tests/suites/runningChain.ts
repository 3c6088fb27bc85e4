import type { Installation } from "@kava/harness/installation";
import type { SmallChain } from "@kava/harness/smallChain";

/** What the suites of a running system need: an installation, and the chain that is loaded into it. */
export interface RunningChain {
  kava: Installation;
  chain: SmallChain;
}
