import type { Instance } from "@kava/platform/instance";
import type { StartArguments } from "./arguments.js";
import type { Voice } from "./console/voice.js";

export const welcome = async (instance: Instance, _arguments: StartArguments, voice: Voice): Promise<void> => {
  voice.plain(`graph ${instance.urls.gateway}`);
  voice.plain("ready");
};
