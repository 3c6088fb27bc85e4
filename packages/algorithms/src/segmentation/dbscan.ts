import { requireFinite } from "./requireFinite.js";
import type { Matrix } from "../matrix.js";
import { GridIndex } from "./gridIndex.js";

export interface DbscanOptions {
  /** Two points at most this far apart (Euclidean) are neighbours; above 0, in the unit of the columns. See `kDistance` for a choice. */
  readonly eps: number;
  /** So many neighbours, itself included, make a point a core point; 5 unless told. */
  readonly minSamples?: number;
}

export interface DbscanFit {
  /** For each point its cluster, 0, 1, 2 … in the order in which their first core points stand; −1 for noise. */
  readonly labels: Int32Array;
  /** 1 for each core point, else 0. */
  readonly core: Uint8Array;
  readonly clusters: number;
}

/** The label of what belongs to no cluster. */
export const NOISE = -1;

/**
 * Density-based clusters: core points within reach of each other, and what is within reach of them. Ester, Kriegel, Sander & Xu 1996.
 *
 * Labels equal scikit-learn's: a border point, which has too few neighbours itself, belongs to the first found of the clusters that reach it. A point
 * leaves the index when it joins a cluster, so that dense data take little more work than sparse ones.
 *
 * @param points n × d, every number finite
 * @throws RangeError for a number that is not finite, an eps that is not above 0 and finite, or a minSamples that is no whole number from 1
 */
export function dbscan(points: Matrix, { eps, minSamples = 5 }: DbscanOptions): DbscanFit {
  if (!(eps > 0 && Number.isFinite(eps)))
    throw new RangeError(
      `DBSCAN needs an eps that is finite and above 0, not ${eps}; take a quantile of the distances to the k-th neighbours.`,
    );
  if (!(Number.isInteger(minSamples) && minSamples >= 1))
    throw new RangeError(`DBSCAN needs a whole number of at least 1 as minSamples, not ${minSamples}.`);
  requireFinite(points);
  return new Growth(points, eps, minSamples).grown();
}

/** The clusters as they grow. */
class Growth {
  readonly #index: GridIndex;
  readonly #labels: Int32Array;
  readonly #core: Uint8Array;
  readonly #asked: Uint8Array;
  readonly #joining: Int32Array;
  /** Points of the cluster that grows whose neighbours are not looked at yet; each point is in it once at the most. */
  readonly #waiting: Int32Array;
  #length = 0;

  constructor(
    private readonly points: Matrix,
    eps: number,
    private readonly minSamples: number,
  ) {
    const { rows } = points;
    this.#index = new GridIndex(points, eps);
    this.#labels = new Int32Array(rows).fill(NOISE);
    this.#core = new Uint8Array(rows);
    this.#asked = new Uint8Array(rows);
    this.#joining = new Int32Array(rows);
    this.#waiting = new Int32Array(rows);
  }

  grown(): DbscanFit {
    let clusters = 0;
    for (let i = 0; i < this.points.rows; i++) {
      if (this.#asked[i] === 1 || this.#labels[i] !== NOISE || !this.#reachFrom(i, clusters)) continue;
      while (this.#length > 0) this.#reachFrom(this.#waiting[--this.#length]!, clusters);
      clusters++;
    }
    return { labels: this.#labels, core: this.#core, clusters };
  }

  /** If the point is a core point, what is near it and in no cluster joins the cluster. */
  #reachFrom(i: number, cluster: number): boolean {
    this.#asked[i] = 1;
    if (!this.#index.hasNeighbours(i, this.minSamples)) return false;
    this.#core[i] = 1;
    const count = this.#index.takeNeighbours(i, this.#joining);
    for (let at = 0; at < count; at++) {
      const neighbour = this.#joining[at]!;
      this.#labels[neighbour] = cluster;
      if (this.#asked[neighbour] === 0) this.#waiting[this.#length++] = neighbour;
    }
    return true;
  }
}
