# SPDX-License-Identifier: Apache-2.0
# What goes where. Included last, when every target exists. Components: runtime (the shared library), devel
# (what others compile and link with), roudi (the programs and what starts them).
include(CMakePackageConfigHelpers)

set(LIBIPC_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/libipc)
# systemd and sysusers look below lib, never in a multiarch directory.
set(LIBIPC_SYSTEMD_DIR lib/systemd CACHE STRING "Where systemd units are installed")
set(LIBIPC_SYSUSERS_DIR lib/sysusers.d CACHE STRING "Where sysusers.d files are installed")
# Debian's zsh looks elsewhere than the others for what packages bring.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr" AND EXISTS /etc/debian_version)
    set(zsh_dir ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
else()
    set(zsh_dir ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()
set(LIBIPC_ZSH_DIR ${zsh_dir} CACHE STRING "Where zsh completions are installed")
unset(zsh_dir)

install(TARGETS ipc EXPORT libipcTargets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT devel)
install(TARGETS ipc_static EXPORT libipcTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT devel)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/libipc/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    COMPONENT devel FILES_MATCHING PATTERN "*.hpp")

install(EXPORT libipcTargets NAMESPACE libipc:: DESTINATION ${LIBIPC_CMAKE_DIR} COMPONENT devel)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/libipcConfig.cmake.in
    ${PROJECT_BINARY_DIR}/etc/libipcConfig.cmake INSTALL_DESTINATION ${LIBIPC_CMAKE_DIR})
# Before 1.0 a minor version may break the ABI, and the SONAME stays 0 only within one.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/etc/libipcConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/etc/libipcConfig.cmake ${PROJECT_BINARY_DIR}/etc/libipcConfigVersion.cmake
    DESTINATION ${LIBIPC_CMAKE_DIR} COMPONENT devel)

# Relative to the file itself, so that an installed tree can be moved.
file(RELATIVE_PATH LIBIPC_PC_TO_PREFIX
    ${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${CMAKE_CURRENT_LIST_DIR}/libipc.pc.in ${PROJECT_BINARY_DIR}/etc/libipc.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/etc/libipc.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT devel)

install(TARGETS roudi roudictl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT roudi)
# Below the prefix, but /etc for /usr: where the broker looks.
string(FIND ${CMAKE_INSTALL_FULL_SYSCONFDIR} ${CMAKE_INSTALL_PREFIX}/ position)
if(position EQUAL 0)
    set(config_dir ${CMAKE_INSTALL_SYSCONFDIR}/roudi)
else()
    set(config_dir ${CMAKE_INSTALL_FULL_SYSCONFDIR}/roudi)
endif()
install(FILES ${CMAKE_CURRENT_LIST_DIR}/roudi.json DESTINATION ${config_dir} COMPONENT roudi)
unset(config_dir)
unset(position)

# A unit names its program by its full path, which is known only when it is installed (cmake --install takes a
# prefix of its own). What CPack stages is at home below the prefix that was configured.
install(CODE "
    set(LIBIPC_UNIT_BINDIR \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
    if(CMAKE_INSTALL_PREFIX MATCHES /_CPack_Packages/)
        set(LIBIPC_UNIT_BINDIR \"${CMAKE_INSTALL_FULL_BINDIR}\")
    endif()
    foreach(manager system user)
        configure_file(\"${CMAKE_CURRENT_LIST_DIR}/systemd/\${manager}/roudi.service.in\"
            \"${PROJECT_BINARY_DIR}/etc/systemd/\${manager}/roudi.service\" @ONLY)
    endforeach()" COMPONENT roudi)
foreach(manager system user)
    install(FILES ${PROJECT_BINARY_DIR}/etc/systemd/${manager}/roudi.service
        ${CMAKE_CURRENT_LIST_DIR}/systemd/${manager}/roudi.socket
        DESTINATION ${LIBIPC_SYSTEMD_DIR}/${manager} COMPONENT roudi)
endforeach()
install(FILES ${CMAKE_CURRENT_LIST_DIR}/systemd/roudi.sysusers DESTINATION ${LIBIPC_SYSUSERS_DIR}
    RENAME roudi.conf COMPONENT roudi)

install(FILES ${CMAKE_CURRENT_LIST_DIR}/man/roudictl.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT roudi)
# These name the place of the configuration, which is compiled in.
foreach(page roudi.json.5 roudi.8)
    string(REGEX MATCH "[0-9]$" section ${page})
    configure_file(${CMAKE_CURRENT_LIST_DIR}/man/${page}.in ${PROJECT_BINARY_DIR}/etc/man/${page} @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/etc/man/${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
        COMPONENT roudi)
endforeach()
unset(section)

foreach(program roudi roudictl)
    install(FILES ${CMAKE_CURRENT_LIST_DIR}/completions/${program}.bash
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ${program} COMPONENT roudi)
    install(FILES ${CMAKE_CURRENT_LIST_DIR}/completions/_${program}
        DESTINATION ${LIBIPC_ZSH_DIR} COMPONENT roudi)
    install(FILES ${CMAKE_CURRENT_LIST_DIR}/completions/${program}.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT roudi)
endforeach()

# Debian wants the licence below each package's name.
foreach(package roudi:roudi runtime:libipc0 devel:libipc-dev)
    string(REPLACE ":" ";" package ${package})
    list(GET package 0 component)
    list(GET package 1 name)
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name}
        RENAME copyright COMPONENT ${component})
endforeach()
unset(package)
unset(component)
unset(name)

include(${CMAKE_CURRENT_LIST_DIR}/packaging.cmake)
