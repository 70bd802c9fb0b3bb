package dev.thrum.json;

import dev.thrum.http.HttpException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;

/// Finds everything that is wrong with a body that could not be bound to a type.
final class Binding {
    /*
     * The mapper gives up at the first mistake. So when it has, the body is read as a tree, and walked beside the type: a record
     * component by component, arrays and maps element by element, everything else by asking the mapper whether it takes this
     * part alone. A record whose components are all right is asked for as a whole, so that its constructor has its say.
     *
     * Where annotations decide what a component looks like, the walk does not know better than the mapper, and asks it for the
     * whole record. And if the walk has not come to the place where the mapper gave up, the mapper is right.
     */
    private final JsonMapper mapper;
    private final boolean strict;
    private final DeserializationConfig config;
    private final AnnotationIntrospector annotations;
    private final ClassIntrospector classes;
    private final Errors errors = new Errors();

    Binding(JsonMapper mapper, boolean strict) {
        this.mapper = mapper;
        this.strict = strict;
        this.config = mapper.deserializationConfig();
        this.annotations = config.getAnnotationIntrospector();
        this.classes = config.classIntrospectorInstance().forOperation(config);
    }

    /// {@return the answer that tells all mistakes}
    /// @param first the answer that tells the first one
    RuntimeException all(byte[] bytes, Class<?> type, HttpException first) {
        JsonNode tree;
        try {
            tree = mapper.readTree(bytes);
        } catch (RuntimeException malformed) {
            return Mistakes.answer(malformed); // behind the first mistake
        }
        look(tree, mapper.constructType(type), "");
        return errors.coverAllOf(first) ? errors.problem(first) : first;
    }

    private void look(JsonNode node, JavaType type, String pointer) {
        if (errors.size() >= Errors.MOST) {
            return;
        }
        if (type.hasRawClass(Optional.class)) {
            if (!node.isNull()) {
                look(node, type.containedTypeOrUnknown(0), pointer);
            }
        } else if (node.isObject() && type.isRecordType()) {
            record(node, type, pointer);
        } else if (node.isArray() && (type.isCollectionLikeType() || type.isArrayType()) && !isAnnotated(type)) {
            for (int i = 0; i < node.size(); i++) {
                look(node.get(i), type.getContentType(), pointer + "/" + i);
            }
        } else if (node.isObject() && type.isMapLikeType() && !isAnnotated(type)) {
            node.properties().forEach(each -> look(each.getValue(), type.getContentType(), pointer + Mistakes.step(each.getKey())));
        } else {
            ask(node, type, pointer);
        }
    }

    private boolean isAnnotated(JavaType type) {
        return type.getContentTypeHandler() != null || type.getTypeHandler() != null;
    }

    /// Asks the mapper.
    private void ask(JsonNode node, JavaType type, String pointer) {
        try {
            mapper.treeToValue(node, type);
        } catch (RuntimeException problem) {
            if (Mistakes.answer(problem) instanceof HttpException mistake) {
                mistake.forEachError((below, detail) -> errors.add(pointer + below, detail));
            }
        }
    }

    private void record(JsonNode node, JavaType type, String pointer) {
        AnnotatedClass annotated = classes.introspectClassAnnotations(type);
        BeanDescription record = classes.introspectForDeserialization(type, annotated);
        List<BeanPropertyDefinition> components = record.findProperties();
        if (!isPlain(annotated, record, components)) {
            ask(node, type, pointer);
            return;
        }
        int before = errors.size();
        Set<String> known = new HashSet<>(record.getIgnoredPropertyNames());
        for (BeanPropertyDefinition component : components) {
            known.add(component.getName());
            component(node.get(component.getName()), component, pointer + Mistakes.step(component.getName()));
        }
        if (strict) {
            node.propertyNames().stream()
                    .filter(name -> !known.contains(name))
                    .forEach(name -> errors.add(pointer + Mistakes.step(name), Mistakes.UNKNOWN));
        }
        if (errors.size() == before) {
            ask(node, type, pointer);
        }
    }

    private void component(@Nullable JsonNode node, BeanPropertyDefinition component, String pointer) {
        if (node != null && !node.isNull()) {
            look(node, component.getPrimaryType(), pointer);
        } else if (component.isRequired() || (node != null && component.getPrimaryType().isPrimitive())) {
            errors.add(pointer, Mistakes.MISSING);
        }
    }

    /// {@return whether a record is written as its components are declared, and nothing else decides}
    private boolean isPlain(AnnotatedClass annotated, BeanDescription record, List<BeanPropertyDefinition> components) {
        return annotations.findPolymorphicTypeInfo(config, annotated) == null
                && annotations.findDeserializer(config, annotated) == null
                && record.findAnySetterAccessor() == null
                && !annotations.findPropertyIgnoralByName(config, annotated).getIgnoreUnknown()
                && !components.isEmpty()
                && components.stream().allMatch(this::isPlain);
    }

    private boolean isPlain(BeanPropertyDefinition component) {
        AnnotatedMember member = component.getPrimaryMember();
        List<PropertyName> aliases = component.findAliases();
        return component.hasConstructorParameter()
                && (aliases == null || aliases.isEmpty())
                && annotations.findDeserializer(config, member) == null
                && annotations.findContentDeserializer(config, member) == null
                && annotations.findDeserializationConverter(config, member) == null
                && annotations.findUnwrappingNameTransformer(config, member) == null
                && annotations.findPolymorphicTypeInfo(config, member) == null
                && annotations.findFormat(config, member) == null;
    }
}
