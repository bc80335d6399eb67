package dev.assay.config;

/// What callers of OpenAI's API may leave with an instance.
///
/// @param fileBytes the largest file
/// @param tenantBytes files of one tenant, all together; new ones are refused beyond
/// @param totalBytes files of all tenants, all together
/// @param batchLines requests in one batch
public record ApiConfig(long fileBytes, long tenantBytes, long totalBytes, int batchLines) {

    /// One megabyte of the topology file.
    static final long MEGABYTE = 1024L * 1024;

    /// OpenAI's own limits of a batch file.
    public static final ApiConfig DEFAULT =
            new ApiConfig(200 * MEGABYTE, 10_000 * MEGABYTE, 50_000 * MEGABYTE, 50_000);
}
