import type { DocumentNode } from "graphql";
import { LRUCache } from "lru-cache";

const MOST = 1_000;
/** All texts together: a syntax tree takes some hundred bytes for every few characters (each comment, too, is an object of it). */
const MOST_CHARACTERS = 500_000;

/**
 * A cache of what holds syntax trees. It is bounded by the characters that the trees were read from, so that a stranger with ever new large
 * texts fills no memory; a text that alone is larger is not kept. The key is the text, unless `charactersOf` knows it otherwise.
 */
export const treeCache = <V extends object>(charactersOf = (_value: V, key: string): number => key.length): LRUCache<string, V> =>
  new LRUCache<string, V>({ max: MOST, maxSize: MOST_CHARACTERS, sizeCalculation: (value, key) => Math.max(1, charactersOf(value, key)) });

/** Apollo Server's store of validated documents. Its own one counts a document as JSON, which holds neither the text nor the comments. */
export const documentStore = () => {
  const known = treeCache<DocumentNode>((document) => document.loc?.source.body.length ?? MOST_CHARACTERS);
  return {
    get: async (key: string): Promise<DocumentNode | undefined> => known.get(key),
    set: async (key: string, document: DocumentNode): Promise<void> => void known.set(key, document),
    delete: async (key: string): Promise<boolean> => known.delete(key),
  };
};
