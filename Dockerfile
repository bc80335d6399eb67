# Assay on a Java runtime. Build Assay first (`./assay --version` does), then: docker build -t assay .
FROM eclipse-temurin:25-jre

# Numbers, not names: an orchestrator can tell from them that this is not root. A volume on the state folder takes its
# owner from here.
RUN mkdir -p /var/lib/assay && chown 10001:10001 /var/lib/assay
COPY target/lib /opt/assay/lib
COPY target/assay.jar /opt/assay/assay.jar
COPY topology /opt/assay/topology

USER 10001:10001
WORKDIR /var/lib/assay
VOLUME /var/lib/assay

# Half of the memory for the heap; RocksDB and buffers live beside it. JAVA_TOOL_OPTIONS adds options.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "--sun-misc-unsafe-memory-access=allow", "-Dassay.home=/opt/assay", "-jar", "/opt/assay/assay.jar"]
CMD ["start", "--topology", "/etc/assay/topology.yaml", "--state-dir", "/var/lib/assay"]
