/** Lists of APIs that several vendors offer. */
import { ApiName, FAMILIES } from "../../api/api-name";

/** The APIs that OpenAI itself offers. */
export const OPENAI_APIS: string[] = [
  ApiName.ChatCompletions,
  ApiName.Completions,
  ApiName.Embeddings,
  ApiName.Models,
  ApiName.Responses,
  ApiName.RetrieveModel,
  ApiName.Moderations,
  ApiName.Realtime,
  ApiName.ImageGeneration,
  ApiName.ImageVariation,
  ApiName.ImageEdit,
  ApiName.AudioSpeech,
  ApiName.AudioTranscription,
  ApiName.AudioTranslation,
  ApiName.Batches,
  ApiName.RetrieveBatch,
  ApiName.CancelBatch,
  ApiName.Files,
  ApiName.RetrieveFile,
  ApiName.RetrieveFileContent,
  ApiName.FineTuningJobs,
  ApiName.RetrieveFineTuningJob,
  ApiName.FineTuningJobsEvents,
  ApiName.FineTuningJobCheckpoints,
  ApiName.CancelFineTuningJob,
  ApiName.ResumeFineTuningJob,
  ApiName.PauseFineTuningJob,
  ApiName.CheckpointPermissions,
  ApiName.DeleteCheckpointPermission,
  ApiName.RetrieveResponse,
  ApiName.CancelResponse,
  ApiName.ResponseInputItems,
  ApiName.Conversations,
  ApiName.RetrieveConversation,
  ApiName.ConversationItems,
  ApiName.Videos,
  ApiName.RetrieveVideo,
  ApiName.RetrieveVideoContent,
  ApiName.VideoRemix,
].concat(FAMILIES);

export const FILE_APIS: string[] = [
  ApiName.Files,
  ApiName.RetrieveFile,
  ApiName.RetrieveFileContent,
];

/** Speech, and what is said in a recording. */
export const AUDIO_APIS: string[] = [ApiName.AudioSpeech, ApiName.AudioTranscription];

export const BATCH_APIS: string[] = [ApiName.Batches, ApiName.RetrieveBatch];
