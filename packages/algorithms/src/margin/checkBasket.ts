/**
 * The margin check of several lines together: promotions, bundles and free items, personal depths, and the floor of the whole
 * basket. Pure and total, as `checkMargin`.
 */
import { deficitAtList, greatestShare, scaledDepth, type PricingWay, type SlackLine } from "./basketSlack.js";
import { judgeBundle, type BundleInput, type BundleOutcome, type BundleVerdict, type Shares } from "./bundles.js";
import {
  listBelowFloor,
  promotionsBelowFloor,
  readLine,
  refusal,
  unitVerdict,
  type LineInput,
  type MarginVerdict,
  type ReadableLine,
  type Refused,
} from "./judgeLine.js";
import { deepestPrice, depthUnderCeiling, type DepthOutcome } from "./deepestPrice.js";
import type { MarginRules } from "./marginTerms.js";
import { mintPrice, type Currency } from "./mintPrice.js";
import { divideUp, percentOfParts, WHOLE } from "./parts.js";

export type { BundleInput, BundleVerdict };

export interface BasketInput extends MarginRules {
  readonly currency: Currency;
  readonly lines: readonly LineInput[];
  readonly bundles?: readonly BundleInput[];
}

/** Every line's verdict in the order of the lines. What is paid is the lines' prices; `total` is their sum. */
export interface BasketVerdict {
  /**
   * - `accepted`: every wanted depth and bundle, as wanted
   * - `corrected`: something was reduced less than wanted, or refused; see the lines and bundles
   * - `refused`: nothing is reduced (`basketBelowFloor`), or some line has no price at all (`invalidInput`, `total` is null)
   */
  readonly kind: "accepted" | "corrected" | "refused";
  readonly reason: "basketBelowFloor" | "invalidInput" | null;
  readonly lines: readonly MarginVerdict[];
  readonly bundles: readonly BundleVerdict[];
  /** Minor units; null when a line has no price or the sum is beyond 2^53 − 1. */
  readonly total: number | null;
  readonly listTotal: number | null;
}

type Line = ReadableLine | Refused;

/**
 * Prices a basket. The floor holds on every reduced line, and, as soon as anything in the basket is reduced, on the basket: lines
 * that are sold at list under their floor are covered by the others, whose personal depths shrink together by one share. Lines of
 * unknown cost are sold at list and stand outside the basket's margin, which nobody can know.
 */
export function checkBasket(input: BasketInput): BasketVerdict {
  const lines = input.lines.map((line) => readLine(line, input, input.currency));
  const bundles = judgeBundles(input.bundles ?? [], lines);
  const wouldBe = sharesOf(bundles, () => true);
  const share = greatestShare(slackLines(lines, wouldBe), deficitOf(lines));
  const applied = sharesOf(bundles, (bundle) => bundle.applied && share !== null);
  const verdicts = lines.map((line, index) => lineVerdict(line, applied.get(index) ?? null, share));
  return summarise(
    verdicts,
    bundles.map((bundle) => toVerdict(bundle, share)),
  );
}

function judgeBundles(bundles: readonly BundleInput[], lines: readonly Line[]): BundleOutcome[] {
  const taken = new Set<number>();
  return bundles.map((bundle) => {
    const outcome = judgeBundle(bundle, lines, taken);
    for (const index of outcome.shares.keys()) taken.add(index);
    return outcome;
  });
}

function sharesOf(bundles: readonly BundleOutcome[], which: (bundle: BundleOutcome) => boolean): Shares {
  return new Map(bundles.filter(which).flatMap((bundle) => [...bundle.shares]));
}

function slackLines(lines: readonly Line[], shares: Shares): SlackLine[] {
  return lines.flatMap((line, index) => {
    if (line.kind === "refused" || !line.listHolds) return [];
    const share = shares.get(index);
    return [{ line, ways: share === undefined ? [ownWay(line)] : [ownWay(line), bundledWay(line, share)] }];
  });
}

/** Priced on its own: the depth is judged per unit, the money for all units. */
function ownWay(line: ReadableLine): PricingWay {
  const { over, under } = line.base;
  return { base: { over: over * line.quantity, under }, greatest: depthUnderCeiling(line.base, line.listPrice, line.terms.ceiling) };
}

function bundledWay(line: ReadableLine, share: bigint): PricingWay {
  const base = { over: share, under: 1n };
  return { base, greatest: depthUnderCeiling(base, line.listPrice * line.quantity, line.terms.ceiling) };
}

function deficitOf(lines: readonly Line[]): bigint {
  return lines.reduce((deficit, line) => (line.kind === "readable" ? deficit + deficitAtList(line) : deficit), 0n);
}

function lineVerdict(line: Line, bundled: bigint | null, share: bigint | null): MarginVerdict {
  if (line.kind === "refused") return line;
  if (!line.listHolds) return listBelowFloor(line);
  if (share === null && isReduced(line)) {
    return refusal("basketBelowFloor", "The basket as a whole would be under the floor, so nothing in it is reduced.", line.atList);
  }
  const way = bundled === null ? ownWay(line) : bundledWay(line, bundled);
  const allowed = scaledDepth(line.depth, share ?? WHOLE, way.greatest);
  const units = bundled === null ? 1n : line.quantity;
  const base = bundled === null ? line.base : way.base;
  const outcome = deepestPrice(base, line.listPrice * units, line.cost * units, line.terms, allowed);
  if (outcome === null) return promotionsBelowFloor(line);
  const bound = outcome.bound ?? (allowed === line.depth ? null : allowed === way.greatest ? "ceiling" : "floor");
  return bundled === null ? unitVerdict(line, { ...outcome, bound }) : bundleVerdict(line, bundled, { ...outcome, bound });
}

function isReduced(line: ReadableLine): boolean {
  return line.depth > 0n || line.base.over < line.listPrice * line.base.under;
}

function bundleVerdict(line: ReadableLine, share: bigint, outcome: DepthOutcome): MarginVerdict {
  const price = mintPrice({
    currency: line.atList.currency,
    listPrice: line.atList.listPrice,
    promotionPrice: Number(divideUp(share, line.quantity)),
    unitPrice: Number(divideUp(outcome.price, line.quantity)),
    quantity: line.atList.quantity,
    linePrice: Number(outcome.price),
    depth: percentOfParts(outcome.depth),
  });
  return outcome.bound === null ? { kind: "accepted", price } : { kind: "corrected", bound: outcome.bound, price };
}

function toVerdict(bundle: BundleOutcome, share: bigint | null): BundleVerdict {
  if (bundle.applied && share === null) return { applied: false, reason: "basketBelowFloor" };
  return { applied: bundle.applied, reason: bundle.reason };
}

function summarise(lines: MarginVerdict[], bundles: BundleVerdict[]): BasketVerdict {
  const total = sumOf(lines, (price) => price.linePrice);
  const listTotal = sumOf(lines, (price) => price.listPrice * price.quantity);
  const asWanted = lines.every((line) => line.kind === "accepted") && bundles.every((bundle) => bundle.applied);
  const withheld = [...lines, ...bundles].some((verdict) => "reason" in verdict && verdict.reason === "basketBelowFloor");
  const reason = total === null || listTotal === null ? "invalidInput" : withheld ? "basketBelowFloor" : null;
  return { kind: reason !== null ? "refused" : asWanted ? "accepted" : "corrected", reason, lines, bundles, total, listTotal };
}

function sumOf(
  lines: readonly MarginVerdict[],
  amount: (price: { linePrice: number; listPrice: number; quantity: number }) => number,
): number | null {
  let sum = 0;
  for (const { price } of lines) {
    if (price === null) return null;
    sum += amount(price);
    if (!Number.isSafeInteger(sum)) return null;
  }
  return sum;
}
