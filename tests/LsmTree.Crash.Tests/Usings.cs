global using LsmTree.Crash.Tests.Simulation;
global using Xunit;
